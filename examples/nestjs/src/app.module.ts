import { Module } from "@nestjs/common";
import { ConfigModule } from "@nestjs/config";
import { BookingController } from "./booking.controller";
import { BookingService } from "./booking.service";
import { HealthController } from "./health.controller";

@Module({
  imports: [ConfigModule.forRoot()],
  controllers: [BookingController, HealthController],
  providers: [BookingService],
})
export class AppModule {}
