"""The bare framework that look-up and list are measured against: one FastAPI route with nothing switched on."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/hello")
async def hello() -> dict[str, str]:
    """Say hello."""
    return {"hello": "world"}
