import { REDIS_URL } from "astro:env/server";
import { Queue } from "bullmq";

export const mails = new Queue("mails", { connection: { url: REDIS_URL } });
