import { MongoClient } from "mongodb";

import { env } from "$env/dynamic/private";
import { MONGO_URL } from "$env/static/private";

const client = new MongoClient(MONGO_URL);

export const loaves = client.db(env.MONGO_DATABASE ?? "bread").collection("loaves");
