"""Why checkpoints are made. The tables of the log are core's."""

from enum import StrEnum


class Why(StrEnum):
    BEGINNING = "beginning"  # of a log for rows that were there before it
    BOOKS_CLOSED = "books-closed"
    DEPOSIT = "deposit"
    DAILY = "daily"
    DEMAND = "demand"
