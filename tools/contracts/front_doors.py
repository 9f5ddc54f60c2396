"""Contract: other modules enter a module by its front doors only, and the program by its manifest only."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output

from tools.contracts.modules import imports_of, matches, modules_of, names, places, word


class FrontDoorsContract(Contract):
    """Every import that enters a module from outside goes to one of its `doors`.

    Options: `parents`, the packages that hold modules; `outside`, what lies under them and is no module; `doors`, the
    files others may import; `assemblers`, the importers that put the program together; `manifest`, the one file those
    import. Assemblers may not use the doors, so that the program knows its modules by their manifests alone.
    """

    type_name = "front_doors"

    parents = names()
    outside = names(default=())
    doors = names()
    assemblers = names()
    manifest = word()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002  the base class has it
        """Collect the imports that enter a module by another way."""
        modules = modules_of(graph, self.parents, self.outside)
        wrong = [
            places(graph, importer, imported)
            for importer, imported in imports_of(graph)
            for module in modules
            if matches(imported, [module]) and not matches(importer, [module])
            if not self._may_enter(importer, imported.removeprefix(module).lstrip("."))
        ]
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def _may_enter(self, importer: str, file: str) -> bool:
        if matches(importer, self.assemblers):
            return file == self.manifest
        return file.partition(".")[0] in self.doors

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports that enter by another way."""
        output.print(f"Others enter a module by {', '.join(sorted(self.doors))} only; assemblers by {self.manifest}:")
        for line in check.metadata["wrong"]:
            output.print_error(f"- {line}", bold=False)
        output.new_line()
