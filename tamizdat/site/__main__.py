"""Run the command line as `python -m tamizdat.site`."""

from tamizdat.site.command import main

if __name__ == "__main__":
    main()
