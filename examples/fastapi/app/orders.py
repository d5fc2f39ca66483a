from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, PositiveInt
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.cache import cache
from app.database import Order, session
from app.settings import settings

router = APIRouter(prefix="/orders", tags=["orders"])
Session = Annotated[AsyncSession, Depends(session)]


class NewOrder(BaseModel):
    customer: str
    cents: PositiveInt


class OrderOut(NewOrder):
    model_config = ConfigDict(from_attributes=True)

    id: int


@router.post("", status_code=201)
async def place(order: NewOrder, db: Session) -> OrderOut:
    row = Order(customer=order.customer, cents=order.cents)
    db.add(row)
    await db.commit()
    return OrderOut.model_validate(row)


@router.get("/{order_id}")
async def read(order_id: int, db: Session) -> OrderOut:
    cached = await cache.get(f"order:{order_id}")
    if cached:
        return OrderOut.model_validate_json(cached)
    row = await db.scalar(select(Order).where(Order.id == order_id))
    if row is None:
        raise HTTPException(404, "no such order")
    found = OrderOut.model_validate(row)
    await cache.set(f"order:{order_id}", found.model_dump_json(), ex=settings.cache_seconds)
    return found
