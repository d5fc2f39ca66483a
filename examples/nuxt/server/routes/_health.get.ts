import { store } from "../utils/store";

export default defineEventHandler(async (event) => {
  try {
    await store().ping();
    return { status: "ok" };
  } catch {
    setResponseStatus(event, 503);
    return { status: "down" };
  }
});
