"""What a package is kept in: a folder, a zip archive or a workbook. Each holds the same files, by name and content."""

from chains.tables.containers.archive import Archive
from chains.tables.containers.container import Container
from chains.tables.containers.folder import Folder
from chains.tables.containers.opening import KINDS, is_container, open_container, stem
from chains.tables.containers.workbook import Workbook

__all__ = ["KINDS", "Archive", "Container", "Folder", "Workbook", "is_container", "open_container", "stem"]
