"""The Reconciliation Service API 0.2 (W3C Entity Reconciliation Community Group), for OpenRefine.

An entity's identifier is its slug; those of types and properties are IRIs.
https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""
