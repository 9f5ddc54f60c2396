"""Contract: a package is imported only where it belongs, or never in certain files."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output
from importlinter.domain.contract import InvalidContractOptions

from tools.contracts.modules import imports_of, matches, names, places


class RestrictedContract(Contract):
    """No direct import of `packages` outside `only_in`, or none inside `never_in`; exactly one of the two is given.

    All options are lists of dotted names, which stand for everything below them too; `*` stands for one part.
    """

    type_name = "restricted"

    packages = names()
    only_in = names(default=())
    never_in = names(default=())

    def validate(self) -> None:
        """Refuse options that restrict nothing or contradict each other."""
        if bool(self.only_in) == bool(self.never_in):
            raise InvalidContractOptions({"only_in": "Give exactly one of only_in and never_in."})

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002  the base class has it
        """Collect the imports of the packages that stand in the wrong place."""
        wrong = [
            places(graph, importer, imported)
            for importer, imported in imports_of(graph)
            if matches(imported, self.packages) and not matches(importer, self.packages)
            if not self._may_import(importer)
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def _may_import(self, importer: str) -> bool:
        if self.only_in:
            return matches(importer, self.only_in)
        return not matches(importer, self.never_in)

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports that stand in the wrong place."""
        output.print("These imports are in a place that must not know the package:")
        for line in check.metadata["wrong"]:
            output.print_error(f"- {line}", bold=False)
        output.new_line()
