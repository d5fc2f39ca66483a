import { Module } from "@nestjs/common";
import { MongooseModule } from "@nestjs/mongoose";

import { ShipsController } from "./ships.controller";

@Module({
  imports: [MongooseModule.forRoot(process.env.MONGO_URI ?? "mongodb://localhost/harbour")],
  controllers: [ShipsController],
})
export class AppModule {}
