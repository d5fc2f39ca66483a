from litestar import Controller, Router, get


class CatalogController(Controller):
    path = "/catalog"

    @get()
    async def index(self) -> list[str]:
        return ["bean", "kale"]


class ProbeController(Controller):
    path = "/probes"

    @get("/liveness")
    async def liveness(self) -> dict[str, str]:
        return {"status": "up"}

    @get("/readiness")
    async def readiness(self) -> dict[str, str]:
        return {"status": "ready"}


api = Router(path="/api", route_handlers=[CatalogController])
