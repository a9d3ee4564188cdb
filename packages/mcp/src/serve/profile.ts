/** How much a client gets: to look, to file and steer as well, or to work tickets as well. */
export type Profile = "read" | "file" | "work";

export const profiles: readonly Profile[] = ["read", "file", "work"];

/** Whether a client with `profile` gets what belongs to `needed`. */
export function includesProfile(profile: Profile, needed: Profile): boolean {
  return profiles.indexOf(profile) >= profiles.indexOf(needed);
}
