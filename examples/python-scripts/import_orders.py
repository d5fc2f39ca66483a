#!/usr/bin/env python3
"""Read the spreadsheets of the day and put their orders into the database."""

import argparse
import os
from pathlib import Path

import pandas as pd
import pymysql


def rows(folder: Path) -> pd.DataFrame:
    return pd.concat(pd.read_excel(path) for path in sorted(folder.glob("*.xlsx")))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    connection = pymysql.connect(
        host=os.environ["ORDERS_DB_HOST"],
        password=os.environ["ORDERS_DB_PASSWORD"],
        user=os.getenv("ORDERS_DB_USER", "orders"),
    )
    with connection, connection.cursor() as cursor:
        for row in rows(arguments.folder).itertuples():
            cursor.execute("INSERT INTO orders VALUES (%s, %s)", (row.reference, row.amount))


if __name__ == "__main__":
    main()
