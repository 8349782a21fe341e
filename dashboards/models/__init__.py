from dashboards.models.summaries import TrustSummary
from dashboards.models.tgb import Pack, TrustReport

__all__ = ["Pack", "TrustReport", "TrustSummary"]
