import { Injectable } from "@nestjs/common";
import { ConfigService } from "@nestjs/config";
import Redis from "ioredis";

@Injectable()
export class BookingService {
  private readonly redis: Redis;

  constructor(config: ConfigService) {
    this.redis = new Redis(config.getOrThrow<string>("REDIS_URL"), { lazyConnect: true });
  }

  async book(room: string, name: string): Promise<boolean> {
    return (await this.redis.set(`room:${room}`, name, "EX", 3600, "NX")) === "OK";
  }

  holder(room: string): Promise<string | null> {
    return this.redis.get(`room:${room}`);
  }
}
