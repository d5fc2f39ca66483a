import { Controller, Get } from "@nestjs/common";
import { label } from "@harbour/berths";

@Controller()
export class ShipsController {
  @Get("next")
  next() {
    return { berth: label(4) };
  }

  @Get("livez")
  live() {
    return { live: true };
  }
}
