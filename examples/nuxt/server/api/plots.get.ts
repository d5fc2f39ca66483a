import { store } from "../utils/store";

export default defineEventHandler(async () => {
  const plots = await store().hgetall("plots");
  return Object.entries(plots).map(([id, crop]) => ({ id, crop }));
});
