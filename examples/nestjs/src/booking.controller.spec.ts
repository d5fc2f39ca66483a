import { ConflictException } from "@nestjs/common";
import { BookingController } from "./booking.controller";
import type { BookingService } from "./booking.service";

jest.mock("ioredis");

const answering = (free: boolean) => new BookingController({ book: async () => free } as unknown as BookingService);

describe("BookingController", () => {
  it("books a free room", async () => {
    expect(await answering(true).book("blue", "Ada")).toEqual({ room: "blue", name: "Ada" });
  });

  it("refuses a taken room", async () => {
    await expect(answering(false).book("blue", "Ada")).rejects.toThrow(ConflictException);
  });
});
