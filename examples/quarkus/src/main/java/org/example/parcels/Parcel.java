package org.example.parcels;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

@Entity
public class Parcel extends PanacheEntityBase {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public Long id;

  @Column(name = "tracking_number", nullable = false, unique = true)
  public String trackingNumber;

  public boolean delivered;

  static Parcel byTrackingNumber(String number) {
    return find("trackingNumber", number).firstResult();
  }
}
