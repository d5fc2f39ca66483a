import os

import uvicorn
from fastapi import FastAPI
from ledger import balance

service = FastAPI(title="Billing")


@service.get("/accounts/{account}")
async def account(account: str) -> dict[str, int]:
    return {"cents": await balance(account)}


@service.get("/_health")
async def health() -> dict[str, bool]:
    return {"ok": True}


def serve() -> None:
    uvicorn.run(service, host="0.0.0.0", port=int(os.environ.get("BILLING_PORT", 8101)))
