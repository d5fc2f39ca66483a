import { MongoClient } from "mongodb";
import { config } from "./config.js";

const client = new MongoClient(config.mongoUrl, { serverSelectionTimeoutMS: 3000 });

export interface Product {
  sku: string;
  title: string;
  cents: number;
}

const products = () => client.db().collection<Product>("products");

export const ping = () => client.db().command({ ping: 1 });
export const list = () => products().find({}, { projection: { _id: 0 } }).limit(100).toArray();
export const find = (sku: string) => products().findOne({ sku }, { projection: { _id: 0 } });
export const close = () => client.close();
