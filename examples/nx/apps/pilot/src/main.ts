import { NestFactory } from "@nestjs/core";

import { AppModule } from "./app/app.module";

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.setGlobalPrefix("pilot");
  await app.listen(process.env.PILOT_PORT || 3355);
}

bootstrap();
