"""The demonstration newsroom's illustrations: each SVG here is the block its picture is pulled from."""
