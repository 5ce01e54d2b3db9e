"""The demonstration newsroom's illustrations: each SVG is the block its picture is pulled from."""
