from custfocus.interval_strip import interval_strip
def interval_picture(value, low, high, bounds, target=None, *, name): return interval_strip(value, low, high, bounds, target)
def axis_picture(bounds, ends): return ""
