import { prisma } from "../db.server";

export async function loader() {
  await prisma.$queryRaw`SELECT 1`;
  return new Response("OK");
}
