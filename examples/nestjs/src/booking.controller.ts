import { Body, ConflictException, Controller, Get, Param, Post } from "@nestjs/common";
import { BookingService } from "./booking.service";

@Controller("rooms")
export class BookingController {
  constructor(private readonly bookings: BookingService) {}

  @Get(":room")
  holder(@Param("room") room: string) {
    return this.bookings.holder(room);
  }

  @Post(":room")
  async book(@Param("room") room: string, @Body("name") name: string) {
    if (!(await this.bookings.book(room, name))) {
      throw new ConflictException("this room is taken");
    }
    return { room, name };
  }
}
