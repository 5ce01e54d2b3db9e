"""One edition in the making: plan, render, switch, record."""
