terraform {
  # <[ engine.reason ]>; `~>` stays below 2.0.
  required_version = "~> <[ engine.minor ]>"

  required_providers {
    <[ provider.name ]> = {
      source = "<[ provider.source ]>"
      version = "~> <[ provider.floor ]>"
    }
  }
}
