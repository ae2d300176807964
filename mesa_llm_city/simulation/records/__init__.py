"""What happened, as tables: kept in compact columns or in files, read as data frames."""

from __future__ import annotations

from mesa_llm_city.simulation.records.coded import Coded
from mesa_llm_city.simulation.records.columns import COLUMNS
from mesa_llm_city.simulation.records.digest import digest
from mesa_llm_city.simulation.records.hourly_aggregates import HourlyAggregates
from mesa_llm_city.simulation.records.mind_tables import MIND_COLUMNS, MindTables
from mesa_llm_city.simulation.records.moments import happened_before, with_dates
from mesa_llm_city.simulation.records.needs_log import NeedsLog
from mesa_llm_city.simulation.records.options import RecordOptions
from mesa_llm_city.simulation.records.person_rows import PersonRows
from mesa_llm_city.simulation.records.records import Records
from mesa_llm_city.simulation.records.streamed import StreamedRecords, read_records
from mesa_llm_city.simulation.records.table import Table

__all__ = [
    "COLUMNS",
    "MIND_COLUMNS",
    "Coded",
    "HourlyAggregates",
    "MindTables",
    "NeedsLog",
    "PersonRows",
    "RecordOptions",
    "Records",
    "StreamedRecords",
    "Table",
    "digest",
    "happened_before",
    "read_records",
    "with_dates",
]
