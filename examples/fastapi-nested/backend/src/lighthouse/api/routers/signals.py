from fastapi import APIRouter

router = APIRouter(prefix="/signals", tags=["signals"])


@router.get("/{name}/status")
async def status(name: str) -> dict[str, str]:
    return {"name": name, "status": "lit"}
