"""The use cases, one file per feature; they take repositories, the catalogue, a clock and a ``wake``, and raise UserFacingError."""
