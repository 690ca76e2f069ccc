// The roles of whoever is in an organization.

import type { EmulatorContext } from "../context";
import type { RoleGrant } from "../server/roles";
import type { Organization } from "./organization";
import type { CallerRecord, GroupRecord, HeldGrant, PrincipalRecord } from "./principals";

/** A grant that begins now. */
export function heldGrant(grant: RoleGrant, context: EmulatorContext): HeldGrant {
  return { ...grant, since: context.clock.now() + context.durations.grantMs };
}

/** The principal of this id; undefined when there is none. */
export function principalOf(organization: Organization, id: string): PrincipalRecord | undefined {
  return (
    organization.serviceAccounts.get(id) ??
    organization.persons.get(id) ??
    organization.groups.get(id)
  );
}

/** The groups that a principal is in, also by way of another group, by name. */
export function groupsOf({ groups }: Organization, id: string): GroupRecord[] {
  const found = new Set<GroupRecord>();
  const collect = (memberId: string) => {
    for (const group of groups.values()) {
      if (group.members.has(memberId) && !found.has(group)) {
        found.add(group);
        collect(group.id);
      }
    }
  };
  collect(id);
  return [...found].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a caller may do: its own grants and those of its groups, as far as they are in effect. */
export function grantsOf({
  organization,
  caller,
  now,
}: {
  readonly organization: Organization;
  readonly caller: CallerRecord;
  readonly now: number;
}): readonly RoleGrant[] {
  const held = [caller, ...groupsOf(organization, caller.id)].flatMap(({ grants }) => grants);
  return [{ role: "ORG_MEMBER" }, ...held.filter(({ since }) => since <= now)];
}

/** Ends all grants on a folder or cluster. */
export function endGrantsOn(organization: Organization, resourceId: string): void {
  const { serviceAccounts, persons, groups } = organization;
  for (const principal of [...serviceAccounts.values(), ...persons.values(), ...groups.values()]) {
    principal.grants = principal.grants.filter((grant) => grant.resourceId !== resourceId);
  }
}
