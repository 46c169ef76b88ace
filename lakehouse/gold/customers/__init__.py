"""Marts of customers: RFM and segments, concentration, cohorts."""
