"""From which number on something is told, and who says so.

Where no rule of law says a number, it is ours: an auditor who finds it wrong changes it here.
"""

from sijinak.payments.discrepancies.legal import sla

# Permendagri 77/2020: income is paid into the RKUD within a working day; SIJINAK_DEPOSIT_DAYS.
# Working days after the last day on which a slip may stand on the statement: SIJINAK_SLIP_DAYS.
STATEMENT_WORKING_DAYS = 7  # the demo office and BPK's practice take statements in once a week
MONEY_WORKING_DAYS = 5  # from the payer's transfer to the bank line, beside cash
WEEKEND_CASH = 5_000_000  # rupiah: BPK Sumbar 2019 told of Friday's cash carried home; own number
TICKETS_IDLE_DAYS = 60  # a block in a hand, and nothing sold of it
PAID_WAIT_DAYS = 60  # paid, and the animals never left: letter (14) and extension (14), twice
HEADS_NONE = 0  # heads on permit, bill, ship and in the pen are the same number
VOID_LEAST, VOID_PERCENT, VOID_TIMES, VOID_MOST = 3, 5, 3, 25  # of a person's in a month
REISSUE_DAYS = 7  # a cheaper receipt so soon after the void of a dearer one
SPLIT_PERMITS, SPLIT_HEADS = 3, 5  # so many permits of a day and place, each of so few heads
NEAR_LIMITS = (2_000_000, 10_000_000)  # PBI 20/6/PBI/2018: wallets without and with identity
NEAR_PERCENT, NEAR_TIMES = 5, 3  # so close under one of them, so often in a month
PAYER_KEEPERS = 5  # one payer's money pays for so many keepers within a month
GHOST_WAIT_DAYS = 14  # a strange dose that nobody of the office looked into
ASKED_LEAST, ASKED_DAYS, UNSURE_POINTS = 20, 14, 30  # owners asked, and how many more stay silent
DELEGATION_DAYS, APPOINTMENT_DAYS = 30, 180  # given, in force, and never used
ACT_LATE_DAYS, CASH_LATE_DAYS, BOOK_LATE_DAYS = 14, 3, 31  # written down so long after
PAIR_LEAST, PAIR_PERCENT = 20, 90  # both eyes of four are the same two people
WRITE_OFF_LEAST = 3  # by the same two people in a year
SHORT_LEAST = 3  # counts of cash that were short, of one person in a quarter
OFFICE_OPENS, OFFICE_CLOSES = 6, 19  # the hours of a counter with its market mornings, local
MOST_HITS = 20_000  # of one check in one look: what is more is told as a number

SLA = sla  # days in which a case should be ended: SIJINAK_DISCREPANCY_DAYS
