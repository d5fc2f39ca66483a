import { loaves } from "$lib/server/database";

export async function load() {
  return { loaves: await loaves.find().project({ _id: 0, name: 1 }).toArray() };
}
