package org.example.parcels;

import static io.restassured.RestAssured.given;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ParcelResourceTest {
  @Test
  void anUnknownNumberIsNotFound() {
    given().when().get("/by-number/none").then().statusCode(404);
  }
}
