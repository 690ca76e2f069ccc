// Faults of the emulator by which the response to a request is lost that had its effect.

export const lostResponses = [
  { reset: "after-effect" },
  { cutBody: true },
  { notJson: true },
  { hang: "after-effect" },
  { status: 500, effect: "after" },
  { status: 504, effect: "after" },
] as const;
