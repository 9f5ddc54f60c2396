"""Contract: inside every module, present and future, the files import in one order and no other file name exists."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck
from importlinter.contracts.layers import LayersContract

from tools.contracts.modules import modules_of, names


class ModuleFilesContract(Contract):
    """A layers contract for each package directly under one of `parents`, read from the tree.

    Options: `parents`, the packages that hold modules; `outside`, what lies under them and is no module; `layers`, the
    file names from the highest to the lowest, optional ones in brackets. A file or sub-package of a module that is in
    no layer breaks the contract.
    """

    type_name = "module_files"

    parents = names()
    outside = names(default=())
    layers = names()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Compare every module's files with the layers."""
        return self._layers(modules_of(graph, self.parents, self.outside)).check(graph, verbose)

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports against the order and the files with other names."""
        self._layers(self.parents).render_broken_contract(check)

    def _layers(self, containers: list[str]) -> LayersContract:
        options = {"layers": self.layers, "containers": containers, "exhaustive": "true"}
        return LayersContract(self.name, self.session_options, options)
