import postgres from "postgres";

export const sql = postgres(process.env.FLAGS_DATABASE_URL!);
