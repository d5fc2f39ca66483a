package org.example.parcels;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

@Path("/by-number")
public class ParcelResource {
  @ConfigProperty(name = "CARRIER_NAME", defaultValue = "example carrier")
  String carrier;

  public record View(String number, boolean delivered, String carrier) {}

  @GET
  @Path("/{number}")
  public View find(String number) {
    Parcel parcel = Parcel.byTrackingNumber(number);
    if (parcel == null) {
      throw new NotFoundException(number);
    }
    return new View(parcel.trackingNumber, parcel.delivered, carrier);
  }
}
