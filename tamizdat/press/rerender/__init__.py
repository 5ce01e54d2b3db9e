"""Old pages in a new look, behind the scenes, while publishing goes on."""
