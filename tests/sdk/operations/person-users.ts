import type { WirePersonUser } from "../../../sdk";
import type { personUserSchema } from "../../../sdk/resources/person-users";
import type { OperationArea, Reads } from "../operation";

const person = { id: "p1", email: "ada+ci@example.com" };

export const area: OperationArea = {
  wireTypes: [true satisfies Reads<typeof personUserSchema, WirePersonUser>],

  operations: [
    {
      name: "personUsers.find",
      operation: 'Reading the person with the e-mail address "ada+ci@example.com"',
      object: 'the person with the e-mail address "ada+ci@example.com"',
      call: ({ personUsers }) => personUsers.find("ada+ci@example.com"),
      method: "GET",
      template: "/api/v1/users/persons-by-email",
      url: "/api/v1/users/persons-by-email?email=ada%2Bci%40example.com",
      response: { user: person },
      result: person,
    },
  ],

  async callEach({ client, emulator }) {
    const [founder] = emulator.persons.list();
    await client.personUsers.find(founder?.email ?? "");
    await client.personUsers.find("nobody@example.com");
  },
};
