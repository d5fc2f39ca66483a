"""`python -m devops_orchestrator`."""

from devops_orchestrator.interfaces.cli import main

main()
