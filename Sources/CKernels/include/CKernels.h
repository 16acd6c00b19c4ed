#pragma once

#include "distance.h"
#include "transformer.h"
