"""Marts of campaigns: attribution, and what a campaign brought beside what it cost."""
