"""How a program built on Mainstay is tested: a pytest plugin that is active wherever Mainstay is installed.

A distribution's `tests/conftest.py` says which program is meant, once:

    @pytest.fixture(scope="session")
    def program() -> Program:
        return make_program()

A test then names what it needs, and is written in ten lines:

    async def test_stock_is_adjusted_with_a_note(owner: Client, uow: UnitOfWork, make_variant: VariantFactory) -> None:
        '''Rule 10: what changes the stock is a row of the ledger.'''
        variant = await make_variant(price="2.49")

        answer = await owner.post("/api/v1/stock/adjustments", json={"variant_id": str(variant.id), "quantity": "-2"})

        assert answer.status_code == 201
        assert await uow.read_value("SELECT quantity FROM stock_movement WHERE variant_id = $1", variant.id) == -2

Factories are fixtures named `make_<thing>` in the conftest of the module's tests: async functions with keyword
arguments that all have defaults, that write through the module's service and return its frozen data. Everything a test
writes is undone after it. What the fixtures are: `mainstay.testing.fixtures`.
"""
