environment = "<[ environment ]>"
region = "<[ region ]>"
<% if "database.tf" in files %>

<% if cloud == "aws" %>
# <[ "The smallest Graviton class with a steady baseline: enough to begin, seen in CPUUtilization and FreeableMemory." if production else "The smallest class: nobody waits for it." ]>
database_instance_class = "<[ "db.t4g.small" if production else "db.t4g.micro" ]>"
<% else %>
# <[ "1 vCPU and 3.75 GiB, the smallest dedicated machine: shared-core tiers have no SLA." if production else "The smallest shared-core tier: nobody waits for it." ]>
database_tier = "<[ "db-custom-1-3840" if production else "db-f1-micro" ]>"
<% endif %>
database_high_availability = <[ "true" if production else "false" ]>
<% endif %>
