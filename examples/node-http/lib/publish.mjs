import { connect } from "nats";

if (!process.env.NATS_URL) {
  throw new Error("NATS_URL is not set");
}
const connection = await connect({ servers: process.env.NATS_URL });

export async function publish(subject, stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  connection.publish(subject, Buffer.concat(chunks));
}
