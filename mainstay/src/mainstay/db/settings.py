"""The settings of the database, apart from the engine so that the parent of `serve` can read them at no cost."""

from pydantic import Field, SecretStr

from mainstay.settings import Settings


class DatabaseSettings(Settings):
    """Where the database is and how its pool behaves; times are in seconds."""

    section = "database"

    url: SecretStr | None = Field(default=None, description="External server; embedded when absent")
    owner_url: SecretStr | None = Field(
        default=None, description="The tables' owner, for migrations; then `url` is of an account with fewer rights"
    )
    pool_size: int = Field(default=10, ge=1, le=200)
    pool_overflow: int = Field(default=5, ge=0, le=200)
    pool_wait: float = Field(default=5.0, gt=0, description="How long a request waits for a connection")
    pool_recycle: int = Field(default=1800, gt=0, description="Connections older than this are replaced")
    idle_check: float = Field(default=30.0, ge=0, description="A connection idle for longer is checked before use")
    connect_timeout: float = Field(default=5.0, gt=0)
    network_timeout: float = Field(
        default=10.0,
        ge=1,
        description="A connection is given up when nothing that it sends is acknowledged for so long, "
        "or an answer is so much later than its statement may take",
    )
    statement_timeout: float = Field(default=30.0, gt=0)
    lock_timeout: float = Field(default=5.0, gt=0)
    slow_statement: float = Field(default=0.5, gt=0, description="Statements that take longer are logged and counted")
    repeated_statement: int = Field(
        default=20, ge=1, description="A statement that one request runs more often is logged and counted"
    )
    statement_cache: int = Field(default=512, ge=0, description="0 behind a pooler in transaction mode")
