"""The curated facts of ``bot/data``, validated when they are loaded and handed out as domain objects."""

from bot.catalogue.catalogue import Catalogue, load_catalogue
from bot.catalogue.check import DataReport, FactAge, check_data
from bot.catalogue.zone_index import ZoneChoice, ZoneIndex

__all__ = ["Catalogue", "DataReport", "FactAge", "ZoneChoice", "ZoneIndex", "check_data", "load_catalogue"]
