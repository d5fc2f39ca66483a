import { pool } from "../database.server";
import { hours } from "../tides";
import type { Route } from "./+types/port";

export async function loader({ params }: Route.LoaderArgs) {
  const { rows } = await pool.query("SELECT minutes FROM tides WHERE port = $1", [params.port]);
  return rows.map((row: { minutes: number }) => hours(row.minutes));
}

export default function Port({ loaderData }: Route.ComponentProps) {
  return <p>{loaderData.join(", ")}</p>;
}
