"""The pages: ward, workbench, approval, bedside, record, library, outcomes; translation only, no clinical rule."""

from paulatim.web.app import create_app, serve

__all__ = ["create_app", "serve"]
