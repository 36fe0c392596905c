"""The studies that ship with Tierwise, one TOML file each."""
