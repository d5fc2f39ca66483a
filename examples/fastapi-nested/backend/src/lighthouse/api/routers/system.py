from fastapi import APIRouter

router = APIRouter(prefix="/system")


@router.get("/healthcheck")
async def healthcheck() -> dict[str, str]:
    return {"status": "ok"}
